import { Fragment } from 'react'

/** A place in a file; where it is narrow, its folders stand on lines of their own, and no name is broken. */
export function Place({ file, line }: { file: string; line: number }) {
  return (
    <code>
      {file.split('/').map((part, index) => (
        <Fragment key={index}>
          {index > 0 && (
            <>
              /<wbr />
            </>
          )}
          {part}
        </Fragment>
      ))}
      :{line}
    </code>
  )
}
