import { z } from 'zod'

/** Bytes that one artifact may have. */
export const maxArtifactBytes = 32 * 1_024 * 1_024

/** Content types by the end of the name; there are no others. */
export const artifactTypes = { png: 'image/png', zip: 'application/zip' } as const
export type ArtifactType = (typeof artifactTypes)[keyof typeof artifactTypes]

/** `attempt-1-step-4.png`: no folder, no dot at its beginning, nothing that a shell or a URL reads otherwise. */
export const artifactName = z
  .string()
  .max(100)
  .regex(
    /^[a-z0-9](?:[a-z0-9-]|\.(?!\.))*\.(png|zip)$/,
    'is lower-case letters, digits, dashes and dots, and ends in .png or .zip',
  )

export function artifactTypeOf(name: string): ArtifactType {
  return name.endsWith('.png') ? artifactTypes.png : artifactTypes.zip
}
