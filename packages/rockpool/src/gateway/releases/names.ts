/** By it a verified caller names the release that is to take its call, and hears which one did. */
export const releaseHeader = 'rockpool-release'

/** Of a release, as it stands in the header and in paths of the control API: a version, or a git revision. */
export const releaseName: RegExp = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/
