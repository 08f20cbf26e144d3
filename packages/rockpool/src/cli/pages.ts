interface Page<T> {
  items: T[]
  /** Cursor of the next page; null on the last. */
  next: string | null
}

/** Every item of a list of the control API, page by page. */
export async function* everyItem<T>(
  read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { items, next } = await read({ limit: 200, ...(cursor ? { cursor } : {}) })
    yield* items
    cursor = next
  }
}
