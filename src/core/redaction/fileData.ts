/** A file as its own address. What only begins so, as the lines of a stream do, is none. */
const address =
  /^data:(?<type>[\w.+-]{1,100}\/[\w.+-]{1,100})?(?:;[\w-]{1,40}=[\w.+-]{1,100}){0,8};base64,(?<data>[\w+/-]*={0,2})$/;

/** In these there is nothing to be read. */
const unreadable = /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/pdf$)/i;

const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Each byte as an address writes it. */
const escapes = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).padStart(2, '0')}`);

/** A file that stands in a record; `text` is what can be read in it, undefined: nothing. */
export interface FileData {
  readonly type: string;
  readonly text: string | undefined;
}

/** Reads the address of a file that holds its data; undefined: it is none. */
export function readFileData(url: string): FileData | undefined {
  if (!url.startsWith('data:')) return undefined;
  const { type = 'text/plain', data } = address.exec(url)?.groups ?? {};
  if (data === undefined) return undefined;
  return { type, text: unreadable.test(type) ? undefined : decode(data) };
}

/** The address of a file with that text. */
export function textAddress({ type }: FileData, text: string): string {
  return `data:${type},${encodeURIComponent(text.toWellFormed())}`;
}

/** Undefined where the bytes are no UTF-8. */
function decode(data: string): string | undefined {
  let [bits, count] = [0, 0];
  const bytes: string[] = [];
  for (const sign of data.replaceAll('-', '+').replaceAll('_', '/')) {
    if (sign === '=') break;
    bits = ((bits << 6) | signs.indexOf(sign)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push(escapes[(bits >> count) & 0xff] ?? '');
  }
  try {
    return decodeURIComponent(bytes.join(''));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
