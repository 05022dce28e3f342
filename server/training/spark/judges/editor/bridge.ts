/**
 * The process's end of the bridge: a socket beside a trajectories file that windows find, with the token and the hello of a training server.
 * What is said on it stands in schemas/judging.ts.
 */
import { InputError } from "../../../../../schemas/problem.ts";
import { answer, notify } from "../../../conversation.ts";
import { claimFile } from "../../../server/ownerFile.ts";
import { socketPath } from "../../../server/places.ts";
import { type Client, listen } from "../../../server/socket.ts";
import { createToken, removeToken } from "../../../server/token.ts";
import { bridgeFile } from "./bridgeFile.ts";
import type { Desk, Seat } from "./desk.ts";

/** A window that lets this much pile up unread is dropped, bytes; its questions go to the next. */
const BACKLOG = 32 * 2 ** 20;

export interface Bridge {
  close(): Promise<void>;
}

/** @throws InputError where another process has the trajectories file judged */
export async function openBridge(trajectories: string, desk: Desk): Promise<Bridge> {
  const file = bridgeFile(trajectories);
  const address = socketPath(file);
  const release = claimFile(file, address);
  if (typeof release !== "function") {
    const { server, liveness } = release;
    const who = liveness === "elsewhere" ? `a process on ${server.hostname}` : `process ${server.pid}`;
    throw new InputError(`${who} generates this file already; wait for it, or end it first`, { file: trajectories });
  }
  try {
    const listener = await listen(address, createToken(file), (client) => welcome(client, desk));
    return {
      close: async () => {
        try {
          await listener.close();
          removeToken(file);
        } finally {
          release();
        }
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Answers a client that has said hello. It may only look, or judge too. */
function welcome({ connection, socket }: Client, desk: Desk): void {
  let seat: Seat | undefined;
  let forget: (() => void) | undefined;
  const send: typeof notify = async (to, method, params) => {
    if (socket.writableLength > BACKLOG) socket.destroy();
    else await notify(to, method, params);
  };
  answer(connection, "judging", () => {
    forget ??= desk.onChange((state) => void send(connection, "judging", state));
    return desk.state;
  });
  answer(connection, "offerJudge", () => {
    seat ??= desk.offer({
      ask: (question) => void send(connection, "judgeQuestion", question),
      cancel: (id) => void send(connection, "judgeCancelled", { id }),
    });
    return desk.state;
  });
  const leave = (): void => {
    seat?.leave();
    seat = undefined;
  };
  answer(connection, "withdrawJudge", () => {
    leave();
    return {};
  });
  answer(connection, "giveJudgeKey", ({ key }) => ({ refused: desk.give(key) }));
  answer(connection, "answerJudge", ({ id, outcome }) => {
    seat?.answer(id, outcome);
    // The desk has let it go; it may offer itself again.
    if (outcome.kind === "declined") leave();
    return {};
  });
  socket.once("close", () => {
    leave();
    forget?.();
  });
}
