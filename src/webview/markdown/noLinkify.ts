/**
 * Stands in the bundle for `linkify-it`, which markdown-it makes whether it is asked to find links or not.
 * It is not (`linkify: false`): the page has its own finder, which also knows the paths of files.
 */
export class LinkifyIt {
  test(): boolean {
    return false;
  }
}
