import { z } from 'zod'
import { operation } from '../../kernel/index.ts'
import { mockFidelity } from './schema.ts'

export const getMockFidelity = operation({
  id: 'contracts.getMock',
  method: 'GET',
  path: '/contracts/{service}/mock',
  summary: 'Tell how faithful the mock of a service is, operation by operation',
  description: 'As the newest run saw it that asked both the same, in a sandbox. Empty where none has.',
  scope: 'read',
  params: z.strictObject({ service: z.string().min(1).max(80) }),
  answers: { 200: mockFidelity },
})
