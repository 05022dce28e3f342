/** The names of settings and their choices, apart from the editor that reads them. */
export const settingNames = [
  "toolexpander.device",
  "toolexpander.allowedFolders",
  "toolexpander.nodePath",
  "toolexpander.files",
  "toolexpander.tryRollouts",
] as const;

export const deviceChoices = ["experiment", "auto", "cpu", "webgpu", "cuda"] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

/** Of each side of a try. */
export const tryRollouts = { least: 1, most: 64, usual: 10 } as const;
