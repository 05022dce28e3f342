/** The names of settings and their choices, apart from the editor that reads them. */
export const settingNames = ["toolexpander.device", "toolexpander.nodePath", "toolexpander.files"] as const;

export const deviceChoices = ["experiment", "cpu", "webgpu"] as const;
export type DeviceChoice = (typeof deviceChoices)[number];
