/** Which system a file's machine code is for, by its header: a name says nothing about what was put there. */

const ELF = 0x7f454c46;
const PE = 0x4d5a;
const MACH_64 = 0xcffaedfe;
const MACH_FAT = 0xcafebabe;

/** Machine numbers of ELF (`e_machine`), of PE (`Machine`) and of Mach-O (`cputype`). */
const elfMachines = new Map([
  [0x3e, "x64"],
  [0xb7, "arm64"],
]);
const peMachines = new Map([
  [0x8664, "x64"],
  [0xaa64, "arm64"],
]);
const machMachines = new Map([
  [0x01000007, "x64"],
  [0x0100000c, "arm64"],
]);

/** System as VS Code names it, or `linux-?` and the like for another machine; undefined where there is no machine code. */
export function systemOf(file: Buffer): string | undefined {
  if (file.length < 64) return undefined;
  const magic = file.readUInt32BE(0);
  if (magic === ELF) return `linux-${elfMachines.get(file.readUInt16LE(18)) ?? "?"}`;
  if (magic === MACH_64) return `darwin-${machMachines.get(file.readUInt32LE(4)) ?? "?"}`;
  if (magic === MACH_FAT) return "darwin-?";
  if (file.readUInt16BE(0) !== PE) return undefined;
  const header = file.readUInt32LE(0x3c);
  if (header + 6 > file.length || file.toString("latin1", header, header + 4) !== "PE\0\0") return undefined;
  return `win32-${peMachines.get(file.readUInt16LE(header + 4)) ?? "?"}`;
}
