import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createBrowserRouter, RouterProvider } from 'react-router'
import { LiveUpdates } from './live/live.tsx'
import { Missing } from './pages/missing.tsx'
import { Now } from './pages/now.tsx'
import { Shell } from './shell/shell.tsx'

const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 5_000, refetchOnWindowFocus: false } },
})

/** The first page is there at once; every other one is fetched when somebody goes to it. */
const router = createBrowserRouter([
  {
    element: <Shell />,
    children: [
      { path: '/', element: <Now /> },
      { path: '*', element: <Missing /> },
    ],
  },
])

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <LiveUpdates>
        <RouterProvider router={router} />
      </LiveUpdates>
    </QueryClientProvider>
  )
}
