import { useAction } from '../../api/queries.ts'
import { Ask } from '../../components/ask.tsx'
import { useText } from '../../components/field.tsx'
import { endOf, type Difference } from '../../view/differences.ts'

/** Lets a difference break whoever it breaks, with a reason that stays. */
export function Approve({
  service,
  difference: { fingerprint, sentence, operation, place },
  onClose,
}: {
  service: string
  difference: Difference
  onClose: () => void
}) {
  const approve = useAction('POST /contracts/{service}/approvals')
  const reason = useText()
  const end = useText()
  return (
    <Ask
      title="Approve a difference that breaks callers"
      consequence={
        <>
          Every push of {service} in which <code>{operation === null ? place : `${operation} ${place}`}</code>{' '}
          changes so ({sentence}) passes from now on, whoever it breaks.
        </>
      }
      yes="Approve it"
      no="Keep refusing it"
      what="It is not approved"
      error={approve.error}
      isUnderWay={approve.isPending}
      onYes={() =>
        approve.mutate(
          {
            params: { service },
            body: {
              fingerprints: [fingerprint],
              reason: reason.value,
              ...(end.value.trim() === '' ? {} : { endsAt: endOf(end.value.trim()) }),
            },
          },
          { onSuccess: onClose },
        )
      }
      onNo={onClose}
      fields={[
        { name: 'Reason', at: 'reason', ...reason, hint: 'why nobody is harmed, or why it has to be' },
        { name: 'Ends', at: 'endsAt', ...end, hint: 'a date such as 2027-01-31; empty: it has no end' },
      ]}
    />
  )
}
