import { pathBelow } from '../withSlashes.ts';

/** A folder with a service of its own: what is built, run or deployed by itself. */
export interface ServiceFolder {
  /** Absolute, links followed: as the server names the directory of a session. */
  readonly directory: string;
  /** The path from its workspace folder on, with slashes. */
  readonly name: string;
  /** The workspace folder that it lies in. */
  readonly root: string;
}

/** Where a folder lies that a person or a program named. */
export type FolderPlace =
  | { readonly kind: 'inside'; readonly folder: ServiceFolder }
  | { readonly kind: 'missing' }
  | { readonly kind: 'noFolder' }
  /** `real`: where links lead. */
  | { readonly kind: 'outside'; readonly real: string };

/** Which service a folder belongs to, asked many times while rows are drawn: that which lies deepest of those around it. */
export class ServiceMap {
  readonly services: readonly ServiceFolder[];
  readonly #known = new Map<string, ServiceFolder | undefined>();

  constructor(services: readonly ServiceFolder[]) {
    this.services = services;
  }

  of(directory: string): ServiceFolder | undefined {
    if (this.#known.has(directory)) return this.#known.get(directory);
    const around = this.services.filter((service) => isWithin(service.directory, directory));
    const deepest = around.toSorted((a, b) => b.directory.length - a.directory.length)[0];
    this.#known.set(directory, deepest);
    return deepest;
  }

  get(directory: string): ServiceFolder | undefined {
    return this.services.find((service) => service.directory === directory);
  }
}

/** Whether a directory is the folder, or lies below it. */
export function isWithin(folder: string, directory: string): boolean {
  return folder === directory || pathBelow(folder, directory) !== undefined;
}
