/** The host of a web link, if it needs other letters than those that go over the wire. */
const foreignHost = /^((?:https?:)?\/\/(?:[^/?#@]*@)?)([^/?#:]*[^\0-\x7F][^/?#:]*)/i;
/** What stands for other characters; `%25` stays, since what follows it would look escaped. */
const escapes = /(?:%(?!25)[\da-f]{2})+/gi;

/** The address of a link as it goes over the wire: what may not stand there is escaped, and what was escaped stays so. */
export function toAddress(written: string): string {
  const withHost = written.replace(
    foreignHost,
    (whole, before: string, host: string) => before + (asciiHost(host) ?? whole.slice(before.length)),
  );
  return encodeURI(withHost.toWellFormed()).replaceAll(/%25([\da-f]{2})/gi, '%$1');
}

/**
 * The address of a link as it is read, where it is its own text. Its host is shown as it was written: letters that look
 * like others would name another one.
 */
export function toReadable(address: string): string {
  return address.replaceAll(escapes, (escaped) => {
    try {
      return decodeURI(escaped);
    } catch {
      // It is not in UTF-8.
      return escaped;
    }
  });
}

/** undefined: no host can be called so. */
function asciiHost(host: string): string | undefined {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}
