import { DocumentLink, type DocumentLinkProvider, Range, type TextDocument } from 'vscode';
import { type Disposable, languages } from 'vscode';
import { documentScheme } from '../../manifest.ts';
import { locateFiles, toFileUri } from '../missingFiles.ts';

/** So many calls have links, the newest ones: the editor asks for all of a document at once. */
const linkLimit = 2000;

/** The words of a call's heading that may be a path. */
const path = /`([^`\s./]*[./][^`\s]*)`/;

class FileLink extends DocumentLink {
  readonly directory: string;
  readonly path: string;

  constructor(range: Range, directory: string, named: string) {
    super(range);
    this.directory = directory;
    this.path = named;
  }
}

/** Makes the files that calls name links; whether there is such a file, and where it lies, is looked for on a click. */
export function registerDocumentLinks(directoryOf: (address: string) => string | undefined): Disposable {
  return languages.registerDocumentLinkProvider({ scheme: documentScheme }, new FileLinks(directoryOf));
}

class FileLinks implements DocumentLinkProvider<FileLink> {
  readonly #directoryOf: (address: string) => string | undefined;

  constructor(directoryOf: (address: string) => string | undefined) {
    this.#directoryOf = directoryOf;
  }

  provideDocumentLinks(document: TextDocument): FileLink[] {
    const directory = this.#directoryOf(document.uri.toString());
    if (directory === undefined) return [];
    const links: FileLink[] = [];
    for (let line = document.lineCount - 1; line >= 0 && links.length < linkLimit; line -= 1) {
      const { text } = document.lineAt(line);
      const [found, named] = text.startsWith('#### ') ? (path.exec(text) ?? []) : [];
      if (found === undefined || named === undefined) continue;
      const start = text.indexOf(found) + 1;
      links.push(new FileLink(new Range(line, start, line, start + named.length), directory, named));
    }
    return links;
  }

  /** One outside of the folders, or that is not there, leads nowhere: the editor says so. */
  async resolveDocumentLink(link: FileLink): Promise<FileLink> {
    const [location] = await locateFiles(link.directory, [link.path]);
    if (location === 'inside') link.target = toFileUri(link.directory, link.path);
    return link;
  }
}
