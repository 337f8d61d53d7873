import type { Forms } from '../places/forms.ts';
import type { Locations } from '../places/locations.ts';
import type { Permissions } from '../places/permissions.ts';
import type { Snapshots } from '../places/snapshots.ts';
import type { Events } from '../state/events.ts';
import type { Store } from '../state/store.ts';

/** What runs and routes work with. */
export interface Rooms {
  readonly store: Store;
  readonly events: Events;
  readonly locations: Locations;
  readonly permissions: Permissions;
  readonly forms: Forms;
  readonly snapshots: Snapshots;
}
