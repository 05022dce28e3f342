/** A view in a state that a person may meet. */
import type { Page } from "playwright-core";
import type { Fixtures } from "./sceneFixtures.ts";
import type { Theme } from "./themes.ts";
import type { Bundles } from "./viewServer.ts";

/** A view as it is served. */
export interface Served extends AsyncDisposable {
  address(theme: Theme, title: string): string;
}

export interface Scene {
  name: string;
  /** Everything a model or a file says in it is hostile. */
  hostile?: true;
  serve(bundles: Bundles, fixtures: Fixtures): Promise<Served>;
  /** Settles when the state is on the page. */
  reach(page: Page): Promise<void>;
}
