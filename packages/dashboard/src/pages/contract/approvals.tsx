import { useState } from 'react'
import { useAction, useAnswer } from '../../api/queries.ts'
import { Ask } from '../../components/ask.tsx'
import { Empty } from '../../components/empty.tsx'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Table } from '../../components/table.tsx'
import { Ago } from '../../components/time.tsx'
import { Verdict } from '../../components/verdict.tsx'
import { shortId } from '../../format.ts'
import { useNow } from '../../live/clock.ts'
import { useMay } from '../../shell/session.ts'
import { stateOfApproval, type ApprovalItem } from '../../view/contracts.ts'

const rows = 50

/** What may break whoever it breaks; ended and revoked ones stay as a record. */
export function Approvals({ service }: { service: string }) {
  const approvals = useAnswer('GET /contracts/{service}/approvals', {
    params: { service },
    query: { limit: rows },
  })
  const [revoking, setRevoking] = useState<ApprovalItem>()
  return (
    <Panel
      title="Approvals"
      note="differences that may break callers"
      footer={approvals.data?.next ? <span>the last {rows}; the API lists all</span> : undefined}
    >
      <Shown query={approvals} what="the approvals">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nothing is approved">
              A push that breaks callers is refused, unless its major version rises or each such difference is
              approved.
            </Empty>
          ) : (
            <Table
              className="contracts approvals"
              columns={[
                { name: 'Reason' },
                { name: 'Difference' },
                { name: 'State' },
                { name: 'Approved', num: true },
                { name: <span className="sr">Do</span>, num: true },
              ]}
            >
              {items.map((approval) => (
                <Row key={approval.id} approval={approval} onRevoke={setRevoking} />
              ))}
            </Table>
          )
        }
      </Shown>
      {revoking && <Revoke approval={revoking} onClose={() => setRevoking(undefined)} />}
    </Panel>
  )
}

function Row({ approval, onRevoke }: { approval: ApprovalItem; onRevoke: (approval: ApprovalItem) => void }) {
  const now = useNow()
  const mayWrite = useMay('write')
  const { reason, fingerprint, approvedBy, approvedAt, endsAt } = approval
  const state = stateOfApproval(approval, now)
  return (
    <tr>
      <th scope="row">
        {reason}
        <span className="why" title={approvedBy}>
          by {shortId(approvedBy)}
        </span>
      </th>
      <td>
        <span className="label">difference</span>
        <code title={fingerprint}>{fingerprint.slice(0, 16)}</code>
      </td>
      <td>
        <span className="label">state</span>
        <Verdict is={state} shape={state === 'stands' ? 'open' : 'none'} />
        {state === 'stands' && endsAt !== null && (
          <span className="why">
            ends in <Ago at={new Date(2 * now - Date.parse(endsAt)).toISOString()} />
          </span>
        )}
      </td>
      <td className="num">
        <span className="label">approved</span>
        <Ago at={approvedAt} after=" ago" />
      </td>
      <td className="num">
        {state === 'stands' && mayWrite && (
          <button
            type="button"
            className="btn small"
            aria-label={`Revoke ${fingerprint.slice(0, 16)}…`}
            onClick={() => onRevoke(approval)}
          >
            Revoke…
          </button>
        )}
      </td>
    </tr>
  )
}

function Revoke({ approval, onClose }: { approval: ApprovalItem; onClose: () => void }) {
  const revoke = useAction('DELETE /contracts/{service}/approvals/{approval}')
  const { id, service, fingerprint } = approval
  return (
    <Ask
      title={
        <>
          Revoke the approval of <code>{fingerprint.slice(0, 16)}</code>
        </>
      }
      consequence={`From now on a push of ${service} with this difference is refused again. What was pushed stays.`}
      yes="Revoke it"
      no="Keep it"
      what="The approval is not revoked"
      error={revoke.error}
      isUnderWay={revoke.isPending}
      onYes={() => revoke.mutate({ params: { service, approval: id } }, { onSuccess: onClose })}
      onNo={onClose}
    />
  )
}
