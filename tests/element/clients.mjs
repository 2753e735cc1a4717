// Clients as Element has them: matrix-js-sdk with rust crypto. One process holds several.
// Lines of JSON: {id, client, act, ...} in; {id, answer | problem} and {client, event} out.
import { createInterface } from "node:readline";

const out = process.stdout.write.bind(process.stdout);
for (const level of ["log", "info", "debug", "warn", "error", "trace"]) console[level] = () => {};

const modules = process.argv[2] + "/node_modules/matrix-js-sdk/lib";
const sdk = await import(modules + "/index.js");
const api = await import(modules + "/crypto-api/index.js");
const silent = () => {};
const logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent, getChild: () => logger };

process.on("unhandledRejection", (problem) => tell({ problem: String(problem?.stack ?? problem) }));

const { subtle } = globalThis.crypto;
const counter = (iv) => ({ name: "AES-CTR", counter: iv, length: 64 });
const clients = new Map();
const tell = (line) => out(JSON.stringify(line) + "\n");

// What a person would see of an event: its decrypted form, and the shield beside it.
async function seen(client, event) {
    const info = event.isEncrypted() && !event.isDecryptionFailure()
        ? await client.getCrypto().getEncryptionInfoForEvent(event) : null;
    return {
        type: event.getType(), content: event.getContent(), wire: event.getWireType(),
        event_id: event.getId(), room_id: event.getRoomId(), sender: event.getSender(),
        state_key: event.isState() ? event.getStateKey() : undefined,
        origin_server_ts: event.getTs(), redacts: event.event.redacts,
        failure: event.isDecryptionFailure() ? event.decryptionFailureReason : null,
        shield: info && info.shieldColour, why: info && info.shieldReason,
    };
}

async function show(name, client, event) {
    // stripped state of an invitation has no id; a local echo is not confirmed by the homeserver yet
    if (event.status || !event.getId() || event.getId().startsWith("~")) return;
    await client.decryptEventIfNeeded(event);
    tell({ client: name, event: await seen(client, event) });
}

async function start({ client: name, base, user, device, token, recovery }) {
    const made = {};
    const cryptoCallbacks = {
        cacheSecretStorageKey: (id, _info, key) => { made[id] = key; },
        getSecretStorageKey: async ({ keys }) => {
            const [id] = Object.keys(keys);
            return [id, made[id] ?? api.decodeRecoveryKey(recovery)];
        },
    };
    const client = sdk.createClient({
        baseUrl: base, userId: user, deviceId: device, accessToken: token, cryptoCallbacks, logger,
        verificationMethods: ["m.sas.v1"],
    });
    client.on(sdk.RoomEvent.Timeline, (event) => void show(name, client, event));
    client.on(sdk.RoomEvent.LocalEchoUpdated, (event) => void show(name, client, event));
    client.on(sdk.RoomStateEvent.Events, (event) => void show(name, client, event));
    client.on(sdk.RoomEvent.MyMembership, (room, membership) =>
        membership === "invite" && void client.joinRoom(room.roomId).catch(() => {}));
    client.on(sdk.MatrixEventEvent.Decrypted, (event) => void show(name, client, event));
    await client.initRustCrypto({ useIndexedDB: false });
    clients.set(name, client);
    const ready = new Promise((resolve) =>
        client.on(sdk.ClientEvent.Sync, (state) => state === "PREPARED" && resolve()));
    await client.startClient({ initialSyncLimit: 50 });
    await ready;
}

const of = ({ client }) => clients.get(client);
const crypto = (line) => of(line).getCrypto();
const eventIn = (line) => of(line).getRoom(line.room).findEventById(line.event);
const once = (emitter, name, wanted) => new Promise((resolve) => {
    const look = (...args) => wanted(...args) && (emitter.off(name, look), resolve(...args));
    emitter.on(name, look);
});

async function verify(line) {
    const request = line.room
        ? await crypto(line).requestVerificationDM(line.user, line.room)
        : await crypto(line).requestOwnUserVerification();
    const { VerificationRequestEvent, VerificationPhase, VerifierEvent } = api;
    const at = (phase) => request.phase >= phase ? undefined
        : once(request, VerificationRequestEvent.Change, () => request.phase >= phase);
    await at(VerificationPhase.Ready);
    if (request.phase === VerificationPhase.Cancelled) return { cancelled: request.cancellationCode };
    const verifier = await request.startVerification("m.sas.v1");
    const shown = new Promise((resolve) => verifier.on(VerifierEvent.ShowSas, resolve));
    const done = verifier.verify();
    verifications.set(line.client, { request, done, sas: null });
    const sas = await Promise.race([shown, done.then(() => null, () => null)]);
    if (sas === null) return { cancelled: request.cancellationCode };
    verifications.get(line.client).sas = sas;
    return { emoji: sas.sas.emoji.map(([symbol]) => symbol), decimal: sas.sas.decimal };
}

// As Element counts what the model hands it: of each person the newest, if it is not spoiled.
function counted(poll, responses) {
    const newest = new Map();
    for (const one of responses) {
        const known = newest.get(one.getSender());
        if (!one.isRedacted() && (!known || known.getTs() <= one.getTs())) newest.set(one.getSender(), one);
    }
    const counts = Object.fromEntries(poll.pollEvent.answers.map(({ id }) => [id, 0]));
    for (const { unstableExtensibleEvent: vote } of newest.values()) {
        vote.validateAgainst(poll.pollEvent);
        for (const answer of vote.spoiled ? [] : vote.answerIds) counts[answer] += 1;
    }
    return counts;
}

const verifications = new Map();
const acts = {
    start,
    stop: async (line) => { of(line).stopClient(); clients.delete(line.client); },
    bootstrap: async (line) => {
        const password = { type: "m.login.password", password: line.password,
            identifier: { type: "m.id.user", user: of(line).getUserId() } };
        await crypto(line).bootstrapCrossSigning({
            authUploadDeviceSigningKeys: (call) => call(line.password ? password : null),
        });
    },
    keepSecrets: async (line) => {
        const key = await crypto(line).createRecoveryKeyFromPassphrase();
        await crypto(line).bootstrapSecretStorage({ createSecretStorageKey: async () => key });
        return key.encodedPrivateKey;
    },
    restoreSecrets: async (line) => {
        await crypto(line).userHasCrossSigningKeys(of(line).getUserId(), true);
        await crypto(line).bootstrapCrossSigning({});
        return crypto(line).isCrossSigningReady();
    },
    onlySigned: async (line) => crypto(line).setDeviceIsolationMode(new api.OnlySignedDevicesIsolationMode()),
    send: async ({ room, type, content, ...line }) => (await of(line).sendEvent(room, type, content)).event_id,
    read: async (line) => {
        const event = new sdk.MatrixEvent(line.raw);
        await event.attemptDecryption(crypto(line));
        return event.isDecryptionFailure() ? null : event.getContent();
    },
    isEncrypted: async (line) => crypto(line).isEncryptionEnabledInRoom(line.room),
    newSession: async (line) => crypto(line).forceDiscardSession(line.room),
    members: async (line) => of(line).getRoom(line.room).getMembers().map((one) => [one.userId, one.membership]),
    devices: async (line) => {
        const known = (await crypto(line).getUserDeviceInfo([line.user], true)).get(line.user);
        const status = (id) => crypto(line).getDeviceVerificationStatus(line.user, id);
        return Promise.all([...known.keys()].map(async (id) => {
            const { signedByOwner, crossSigningVerified } = await status(id);
            return { id, signedByOwner, verified: crossSigningVerified, fingerprint: known.get(id).getFingerprint() };
        }));
    },
    trust: async (line) => {
        const status = await crypto(line).getUserVerificationStatus(line.user);
        return { verified: status.isVerified(), signed: status.isCrossSigningVerified() };
    },
    poll: async (line) => {
        const event = eventIn(line);
        const poll = of(line).getRoom(line.room).polls.get(line.event);
        if (!poll) return null;
        const responses = await poll.getResponses(); // of the first page
        while (poll.isFetchingResponses) await new Promise((resume) => setTimeout(resume, 20));
        return {
            counts: counted(poll, responses.getRelations()),
            question: poll.pollEvent.question.text,
            answers: poll.pollEvent.answers.map((one) => ({ id: one.id, text: one.text })),
            ended: poll.isEnded, undecryptable: poll.undecryptableRelationsCount ?? 0,
            votes: responses.getRelations().map((one) => [one.getTs(), one.getSender(), one.getContent()]),
            sender: event.getSender(),
        };
    },
    open: async (line) => {
        const address = of(line).mxcUrlToHttp(line.file.url, undefined, undefined, undefined, false, true, true);
        const answer = await fetch(address, { headers: { Authorization: `Bearer ${of(line).getAccessToken()}` } });
        const closed = new Uint8Array(await answer.arrayBuffer());
        const sum = Buffer.from(await subtle.digest("SHA-256", closed)).toString("base64");
        if (sum.replace(/=+$/, "") !== line.file.hashes.sha256) throw new Error("another file");
        const key = await subtle.importKey("jwk", line.file.key, "AES-CTR", false, ["decrypt"]);
        const opened = await subtle.decrypt(counter(Buffer.from(line.file.iv, "base64")), key, closed);
        return Buffer.from(opened).toString("hex");
    },
    close: async (line) => {
        const iv = new Uint8Array(16);
        globalThis.crypto.getRandomValues(iv.subarray(0, 8));
        const key = await subtle.generateKey({ name: "AES-CTR", length: 256 }, true, ["encrypt"]);
        const closed = await subtle.encrypt(counter(iv), key, Buffer.from(line.data, "hex"));
        const { content_uri: url } = await of(line).uploadContent(new Blob([closed]));
        const unpadded = (bytes) => Buffer.from(bytes).toString("base64").replace(/=+$/, "");
        const hashes = { sha256: unpadded(await subtle.digest("SHA-256", closed)) };
        return { v: "v2", url, iv: unpadded(iv), hashes, key: await subtle.exportKey("jwk", key) };
    },
    verify,
    confirm: async (line) => {
        const { request, sas, done } = verifications.get(line.client);
        await (line.matches === false ? sas.mismatch() : sas.confirm());
        await done.catch(() => {});
        return { done: request.phase === api.VerificationPhase.Done, cancelled: request.cancellationCode };
    },
};

for await (const text of createInterface({ input: process.stdin })) {
    const line = JSON.parse(text);
    acts[line.act](line).then(
        (answer) => tell({ id: line.id, answer: answer ?? null }),
        (problem) => tell({ id: line.id, problem: String(problem?.stack ?? problem) }),
    );
}
process.exit(0);
