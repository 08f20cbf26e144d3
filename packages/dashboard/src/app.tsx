import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createBrowserRouter, RouterProvider } from 'react-router'
import type { Refusal } from './api/client.ts'
import { Broken } from './pages/broken.tsx'
import { Missing } from './pages/missing.tsx'
import { Now } from './pages/now.tsx'
import { Gate } from './shell/gate.tsx'
import { sessionQuery } from './shell/session.ts'

const queries: QueryClient = new QueryClient({
  // A session that has ended shows itself at any call: then the door is shown.
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if ((error as Refusal).status === 401 && queryKey[0] !== sessionQuery[0]) {
        void queries.resetQueries({ queryKey: sessionQuery })
      }
    },
  }),
  defaultOptions: { queries: { retry: false, staleTime: 5_000, refetchOnWindowFocus: false } },
})

/**
 * The first page is there at once; every other one is fetched when somebody goes to it. A new page: its line here, its
 * entry in shell/pages.ts.
 */
const router = createBrowserRouter([
  {
    path: '/sign-in',
    errorElement: <Broken />,
    hydrateFallbackElement: <></>,
    lazy: async () => ({ Component: (await import('./pages/sign-in.tsx')).SignIn }),
  },
  {
    element: <Gate />,
    errorElement: <Broken />,
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { path: '/', element: <Now /> },
          { path: '/checks', lazy: async () => ({ Component: (await import('./pages/checks.tsx')).Checks }) },
          {
            path: '/checks/:check',
            lazy: async () => ({ Component: (await import('./pages/check.tsx')).Check }),
          },
          { path: '/runs/:run', lazy: async () => ({ Component: (await import('./pages/run.tsx')).Run }) },
          {
            path: '/requests',
            lazy: async () => ({ Component: (await import('./pages/requests.tsx')).Requests }),
          },
          {
            path: '/sandboxes',
            lazy: async () => ({ Component: (await import('./pages/sandboxes.tsx')).Sandboxes }),
          },
          {
            path: '/sandboxes/:sandbox',
            lazy: async () => ({ Component: (await import('./pages/sandbox.tsx')).Sandbox }),
          },
          {
            path: '/organizations',
            lazy: async () => ({ Component: (await import('./pages/organizations.tsx')).Organizations }),
          },
          {
            path: '/organizations/:organization',
            lazy: async () => ({ Component: (await import('./pages/organization.tsx')).Organization }),
          },
          { path: '/bots', lazy: async () => ({ Component: (await import('./pages/bots.tsx')).Bots }) },
          { path: '/bots/:bot', lazy: async () => ({ Component: (await import('./pages/bot.tsx')).Bot }) },
          {
            path: '/contracts',
            lazy: async () => ({ Component: (await import('./pages/contracts.tsx')).Contracts }),
          },
          {
            path: '/contracts/:service',
            lazy: async () => ({ Component: (await import('./pages/contract.tsx')).Contract }),
          },
          {
            path: '/contracts/:service/differences',
            lazy: async () => ({ Component: (await import('./pages/differences.tsx')).Differences }),
          },
          { path: '*', element: <Missing /> },
        ],
      },
    ],
  },
])

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}
