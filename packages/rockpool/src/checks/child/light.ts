// What a check's child process needs of the kernel, by its light door: its index would take longer to load than a check
// takes to run.
export { formatDuration, messageOf, parseDuration } from '../../kernel/light.ts'
