/** A view of rollouts that only asks and listens. */
import {
  EVERYTHING,
  type HostMessage,
  isHostMessage,
  type ListQuery,
  type ViewResult,
  type viewRequests,
} from "../../../schemas/rolloutView.ts";
import { Asker } from "../../views/testing/asker.ts";
import { ViewSession } from "../worker/session.ts";

export class Listener extends Asker<typeof viewRequests, HostMessage, ViewSession> {
  constructor(folder: string) {
    super(isHostMessage, (post) => new ViewSession(folder, post));
  }

  open(changes: Partial<ListQuery> = {}, follow = true): Promise<ViewResult<"open">> {
    return this.ask("open", { query: { ...EVERYTHING, ...changes }, follow, count: 500, around: null });
  }
}
