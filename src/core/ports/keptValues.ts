/** What the editor keeps over reloads, by key; what is updated is read again at once. */
export interface KeptValues {
  get<T>(key: string, fallback: T): T;
  update(key: string, value: unknown): PromiseLike<void>;
}
