const MASK = "***";
const LONGEST = 200;

/** Names whose values are secrets, as flags, variables and parameters spell them. */
const SECRET =
  "(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|encryption[-_]?key|key|auth(?:orization)?|cred(?:ential)?s?|cookie|session[-_]?id|bearer|dsn|pin|otp|salt|signature|sig)";
/** Such a name at the end of a longer one: DB_PASSWORD, --smtp-password, x-api-key; not keyboard or passenger. Some words say it wherever they end: PGPASSWORD. */
const NAME = `(?:(?:[\\w.-]*[-_.])?${SECRET}|[\\w.-]*(?:password|passwd|passphrase|secret|token|apikey|credentials?))(?:[-_]?\\d+)?`;

const FLAG_ALONE = new RegExp(`^-{1,2}${NAME}$`, "i");
const ASSIGNMENT = new RegExp(`((?:^|[\\s;&?,{"'(]|-D|-P|--?)${NAME}["']?\\s*[=:]\\s*["']?)([^\\s&;,"'}]+)`, "gi");
const HEADER = /((?:authorization|x-[\w-]*(?:token|key)|cookie|proxy-authorization)\s*:\s*).+$/i;
const BEARER = /\b((?:bearer|basic)\s+)[\w.~+/=-]{6,}/gi;
/** Up to the last @: a password may hold an @ and a slash itself. */
const IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s"']*@/gi;
const PEM = /-----BEGIN [^-]+-----.*/s;
/** Tokens of well-known makers, which carry their kind at their head, and JSON Web Tokens. */
const MADE =
  /\b(?:gh[pousr]_\w{8,}|github_pat_\w{8,}|glpat-[\w-]{8,}|xox[a-z]-[\w-]{8,}|sk-[\w-]{8,}|[sr]k_(?:live|test)_\w{8,}|AKIA[A-Z0-9]{12,}|AIza[\w-]{20,}|eyJ[\w-]{8,}\.[\w-]*(?:\.[\w-]*)?)/g;
/** A long run of hexadecimal digits, or of base64 with letters of both cases and digits: no path, which has slashes every few letters. */
const HEX = /\b[0-9a-f]{24,}\b/gi;
const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g;

const count = (text: string, letters: RegExp): number => text.match(letters)?.length ?? 0;

/** Letters of both cases and digits in a part of 16 letters or more, or many digits among the letters of a longer one. */
const isRandom = (text: string): boolean =>
  text
    .split(/[/_-]/)
    .some(
      (part) =>
        (part.length >= 16 && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text)) ||
        (part.length >= 28 && count(part, /\d/g) >= 5 && count(part, /[a-z]/gi) >= 5),
    );

/** Whether digits check out as the number of a card (Luhn). */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  const sum = [...digits].reverse().reduce((total, digit, n) => {
    const value = Number(digit) * (n % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** mysql -pSECRET and its kin: a short flag with the value right behind it, of programs where it is a password. */
const ATTACHED = new Map(
  Object.entries({
    mysql: /^(-p).+$/,
    mysqldump: /^(-p).+$/,
    mysqladmin: /^(-p).+$/,
    mariadb: /^(-p).+$/,
    "mariadb-dump": /^(-p).+$/,
    "redis-cli": /^(-a).+$/,
    sshpass: /^(-p).+$/,
  }),
);
/** Short flags whose next argument is a secret, by program. */
const NEXT = new Map(
  Object.entries({
    "redis-cli": /^-a$/,
    sshpass: /^-p$/,
    curl: /^(-u|--user|-U|--proxy-user)$/,
    wget: /^--(http-)?user$/,
    mongosh: /^-p$/,
    mongo: /^-p$/,
    mongodump: /^-p$/,
    ldapsearch: /^-w$/,
    htpasswd: /^-[a-zA-Z]*b[a-zA-Z]*$/,
    openssl: /^-(pass|passin|passout|k|K)$/,
    smbclient: /^-U$/,
  }),
);

/** A text without what is a secret by its form or by the name before it. */
export function maskMarked(text: string): string {
  return text
    .replace(PEM, MASK)
    .replace(HEADER, `$1${MASK}`)
    .replace(IN_URL, `$1${MASK}@`)
    .replace(BEARER, `$1${MASK}`)
    .replace(ASSIGNMENT, `$1${MASK}`)
    .replace(MADE, MASK)
    .replace(HEX, MASK)
    .replace(CARD, (run) => (isCard(run) ? MASK : run));
}

const maskArgument = (argument: string): string =>
  maskMarked(argument).replace(BASE64, (run) => (isRandom(run) ? MASK : run));

const programOf = (path = ""): string => path.slice(path.lastIndexOf("/") + 1);

/** Control characters and halves of letters must reach neither a page nor a database. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ")
    .trim();

/** At most so many characters, no half of one at the end. */
const cut = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, "")}…`;

/**
 * A command line as it may be kept, at most 200 characters: passwords, tokens, keys, credentials in URLs, long random strings and numbers of
 * cards are ***. What looks like none of these stays: whoever must keep a secret from readers passes it by a file.
 */
export function maskCommandLine(args: readonly string[]): string {
  const program = programOf(args[0]);
  const [attached, next] = [ATTACHED.get(program), NEXT.get(program)];
  let hideNext = false;
  const masked = args.map((argument, n) => {
    const hidden = hideNext && !/^(--[a-z]|-[a-z]$)/i.test(argument);
    hideNext = n > 0 && (FLAG_ALONE.test(argument) || next?.test(argument) === true);
    if (hidden) return MASK;
    const short = n > 0 ? attached?.exec(argument)?.[1] : undefined;
    return short === undefined ? maskArgument(argument) : `${short}${MASK}`;
  });
  return cut(plain(masked.join(" ")));
}

/** A named value as it may be kept, as command lines are: *** where the name is that of a secret. At most 200 characters. */
export const maskValue = (name: string, value: string): string =>
  FLAG_ALONE.test(`-${name}`) ? MASK : cut(plain(maskArgument(value.slice(0, 4 * LONGEST))));
