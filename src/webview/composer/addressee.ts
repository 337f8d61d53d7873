import type { FromPage } from '../../protocol/page/fromPage.ts';

/** Where what is written goes: the session that the composer is turned to, by way of the host. */
export interface Addressee {
  /** `''`: none is shown yet. */
  readonly sessionId: string;
  readonly post: (message: FromPage) => void;
}
