import type { PermissionEntry } from '../../protocol/page/requests.ts';
import type { RequestKey } from './requestKeys.ts';

/** A request before a person. */
export interface RequestCard {
  readonly element: HTMLElement;
  /** Where it says which one of how many it is. */
  readonly number: HTMLElement;
  /** Where one says no. */
  readonly refusal: HTMLElement;
  /** That of a permission. */
  readonly permission?: AskedPermission;
  /** Whether the key answers it, or chooses something in it. */
  takes(key: RequestKey): boolean;
  /** Shows what became known of the request since. */
  update?(request: PermissionEntry): void;
}

export interface AskedPermission {
  readonly id: string;
  readonly kind: PermissionEntry['kind'];
  /** What is asked for, in few words. */
  readonly subject: string;
  /** Whether it waits for its answer. */
  readonly isOpen: boolean;
  /** Whether all of it was shown. */
  readonly isAllowable: boolean;
  allowOnce(): void;
}
