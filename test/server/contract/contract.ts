import { ContractRoom, type ContractServer } from './contractRoom.ts';
import { promises } from './promises.ts';

/** Holds a server to all that the port promises of its generation; says at the end how much of that was tried. */
export function holdToContract(title: string, server: ContractServer): void {
  describe(`What is promised, ${title}`, () => {
    let room: ContractRoom;
    let close: () => Promise<void>;
    let tried = 0;

    before(async () => {
      ({ room, close } = await ContractRoom.open(server));
    });

    beforeEach(() => room.scripted.releaseAll());

    after(async () => {
      const { version } = room;
      await close();
      console.log(`    ${tried} of ${promises.length} promises were tried on OpenCode ${version}.`);
    });

    for (const promise of promises) {
      const { name, on, endsServer = false, check, checkAbsent } = promise;
      it(name, async function () {
        if (endsServer && room.own === undefined) this.skip();
        tried += 1;
        const isAbsent = on[room.generation] === 'absent';
        await (isAbsent && checkAbsent !== undefined ? checkAbsent(room) : check(room));
      });
    }
  });
}
