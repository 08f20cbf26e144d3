import { useState } from 'react'
import { useAction, useAnswer } from '../../api/queries.ts'
import { Ask } from '../../components/ask.tsx'
import { useText } from '../../components/field.tsx'
import { Once } from '../../components/once.tsx'

/** Makes a sandbox by hand; its key is shown once. */
export function CreateSandbox({ onClose }: { onClose: () => void }) {
  const { data } = useAnswer('GET /organizations', {
    query: { environment: 'production', status: 'active', limit: 200 },
  })
  const parents = data?.items.map(({ slug }) => slug) ?? []
  const [chosen, setParent] = useState<string>()
  const ttl = useText('1h')
  const name = useText()
  const create = useAction('POST /sandboxes')
  const parent = chosen ?? parents[0] ?? ''
  if (create.data) {
    const { sandbox, key } = create.data
    return (
      <Once title={`The key of ${sandbox.slug}`} text={key} onClose={onClose}>
        It opens this sandbox alone, and is shown this once: nobody keeps it.
      </Once>
    )
  }
  return (
    <Ask
      title="Create a sandbox"
      consequence="It begins with no data, and is deleted with everything in it when its time is over."
      yes="Create it"
      what="The sandbox is not created"
      error={create.error}
      isUnderWay={create.isPending}
      onYes={() =>
        create.mutate({
          body: { parent, ttl: ttl.value, ...(name.value === '' ? {} : { name: name.value }) },
        })
      }
      onNo={onClose}
      fields={[
        { name: 'Parent', at: 'parent', options: parents, value: parent, onChange: setParent },
        { name: 'Time to live', at: 'ttl', ...ttl, hint: 'one second to seven days, such as 30m, 1h, 7d' },
        { name: 'Name', at: 'name', ...name, hint: 'what it is for; may be empty' },
      ]}
    />
  )
}
