import { useAction } from '../../api/queries.ts'
import { Ask } from '../../components/ask.tsx'
import { useText } from '../../components/field.tsx'
import { Once } from '../../components/once.tsx'
import { Tag } from '../../components/tag.tsx'
import { useMay } from '../../shell/session.ts'
import type { OrganizationItem } from '../../view/organizations.ts'

/** Makes a key. Its text is in the state of this component alone, and gone with it. */
export function CreateKey({
  organization,
  onClose,
}: {
  organization: OrganizationItem
  onClose: () => void
}) {
  const mayLive = useMay('admin')
  const { slug, environment } = organization
  // Of a parent: one for all its sandboxes, or, for owners, one that opens production itself.
  const choices = [
    ...(environment === 'sandbox'
      ? [`a sandbox key for ${slug}`]
      : [`a sandbox key for all sandboxes of ${slug}`]),
    ...(environment === 'production' && mayLive ? [`a live key for ${slug}`] : []),
  ]
  const choice = useText(choices[0])
  const name = useText()
  const create = useAction('POST /organizations/{organization}/credentials')
  const isLive = choice.value.startsWith('a live key')
  if (create.data) {
    const { credential, text } = create.data
    return (
      <Once
        title={`The key ${credential.name === null ? credential.hint : `“${credential.name}”`}`}
        text={text}
        onClose={onClose}
      >
        It is shown this once, and never again: only a hash of it is stored. It counts at every gateway
        already.
      </Once>
    )
  }
  return (
    <Ask
      title="Make a key"
      consequence={
        isLive ? (
          <>
            Whoever has it is a customer of {slug} in <Tag is="production" />: orders are real, and so is
            money.
          </>
        ) : (
          'Whoever has it can do in sandboxes what a customer does, and nothing in production.'
        )
      }
      yes={isLive ? 'Make a live key' : 'Make a sandbox key'}
      what="The key is not made"
      error={create.error}
      isUnderWay={create.isPending}
      onYes={() =>
        create.mutate({
          params: { organization: slug },
          body: {
            environment: isLive ? 'production' : 'sandbox',
            allSandboxes: environment === 'production' && !isLive,
            ...(name.value === '' ? {} : { name: name.value }),
          },
        })
      }
      onNo={onClose}
      fields={[
        { name: 'What it opens', at: 'environment', ...choice, options: choices },
        { name: 'Name', at: 'name', ...name, hint: 'who uses it, such as web checkout; may be empty' },
      ]}
    />
  )
}
