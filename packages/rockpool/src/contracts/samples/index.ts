export { createSampler } from './sampler.ts'
export type { Sample, SampleOptions, Sampler, SamplerOptions, SampleValidator } from './types.ts'
