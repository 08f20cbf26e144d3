import { defineConfig } from 'rockpool'

export default defineConfig({
  name: 'greeting',
  installations: {
    local: { gateway: 'http://127.0.0.1:8470', control: 'http://127.0.0.1:8471', embedded: true },
  },
  organizations: [{ slug: 'acme', name: 'Acme', environment: 'production' }],
  sandboxes: { parent: 'acme' },
  services: {
    greetings: {
      folder: '.',
      contract: './openapi.yaml',
      start: ['python3', 'server.py'],
      requires: ['python3'],
    },
  },
  checks: ['*.check.ts'],
})
