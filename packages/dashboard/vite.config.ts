import { defaultClientConditions, defineConfig } from 'vite'

/*
 * Static files that control serves with `script-src 'self'; style-src 'self'`: nothing is inlined into the page, and
 * every asset is a file of its own with a hash in its name.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  // Of our own packages the sources: no build stands before this one.
  resolve: { conditions: ['@rockpool/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    reportCompressedSize: false,
    rolldownOptions: {
      // `use client` of the libraries means nothing in files for a browser.
      checks: { moduleLevelDirective: false },
    },
  },
})
