export { createSampler } from './sampler.ts'
export type {
  Sample,
  SampleOptions,
  Sampler,
  SamplerOptions,
  SampleValidator,
  Union,
  UnionBranch,
} from './types.ts'
