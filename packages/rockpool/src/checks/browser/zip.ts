import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

/*
 * As much of the ZIP format (PKWARE APPNOTE 6.3) as a trace needs: entries of one disk, stored or deflated, below 4 GB.
 */

export interface ZipEntry {
  name: string
  content: Buffer
}

const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const

/** Entries in their order. `limit`: bytes that all of them may have together. @throws Error where it is no such archive */
export function readZip(archive: Buffer, limit: number): ZipEntry[] {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0) throw new Error('this is no ZIP archive')
  const count = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  let left = limit
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(at) !== signatures.central) throw new Error('the ZIP archive is damaged')
    const [method, packed] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)]
    const lengths = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    const local = archive.readUInt32LE(at + 42)
    const name = archive.toString('utf8', at + 46, at + 46 + lengths[0])
    at += 46 + lengths[0] + lengths[1] + lengths[2]
    // The local header repeats name and extra field, with lengths of its own.
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const raw = archive.subarray(begin, begin + packed)
    const content =
      method === 0 ? Buffer.from(raw) : inflateRawSync(raw, { maxOutputLength: Math.max(1, left) })
    left -= content.length
    if (left < 0) throw new Error(`the ZIP archive holds more than ${limit} bytes`)
    entries.push({ name, content })
  }
  return entries
}

export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, content } of entries) {
    const packed = deflateRawSync(content, { level: 6 })
    const path = Buffer.from(name)
    // Version 2.0, names in UTF-8 (bit 11), deflated; the time is that of the format's beginning.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0800, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(path.length, 22)
    parts.push(uint32(signatures.local), common, path, packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(uint32(signatures.central), Buffer.from([20, 0]), common, tail, path)
    offset += 4 + common.length + path.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(signatures.end, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directory, end])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
