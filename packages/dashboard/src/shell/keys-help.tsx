import { useState } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { keepSingleKeys, singleKeys } from './keys.ts'
import { pages } from './pages.ts'

/** The keys, and the switch that turns single characters off. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const [isOn, setOn] = useState(singleKeys())
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="facts keys">
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>find anything by its name or id</dd>
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>these keys</dd>
        {pages.map(({ letter, name }) => (
          <div key={letter}>
            <dt>
              <kbd>g</kbd> <kbd>{letter}</kbd>
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
        <dt>
          <kbd>j</kbd> <kbd>k</kbd>
        </dt>
        <dd>next and previous of a list</dd>
        <dt>
          <kbd>Enter</kbd>
        </dt>
        <dd>open it</dd>
        <dt>
          <kbd>Esc</kbd>
        </dt>
        <dd>back, or leave what is open</dd>
      </dl>
      <label className="choice">
        <input
          type="checkbox"
          checked={isOn}
          onChange={({ target }) => {
            keepSingleKeys(target.checked)
            setOn(target.checked)
          }}
        />{' '}
        single characters are keys
      </label>
      <p className="actions">
        <button type="button" className="btn" data-safe onClick={onClose}>
          Close
        </button>
      </p>
    </Dialog>
  )
}
