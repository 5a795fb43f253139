/* SPDX-License-Identifier: Apache-2.0 */
'use strict';

/**
 * Two clients of MQTT.js, one of which sends the other messages of all sizes with each QoS. Resolves to what there is to say when all have
 * come, whole and in order, and rejects otherwise. It runs in Node and in a browser.
 *
 * @param mqtt the library
 * @param url where to connect, such as ws://127.0.0.1:8083/mqtt
 * @param protocolVersion 4 for 3.1.1, 5 for 5.0
 */
async function roundTrip(mqtt, url, protocolVersion) {
  const options = { protocolVersion, reconnectPeriod: 0, connectTimeout: 10000, keepalive: 20 };
  const sub = await mqtt.connectAsync(url, { ...options, clientId: `js-sub-${protocolVersion}` }, false);
  const pub = await mqtt.connectAsync(url, { ...options, clientId: `js-pub-${protocolVersion}` }, false);
  const sent = [];
  const sizes = [0, 1, 119, 120, 121, 4095, 4096, 65520, 65535, 65536, 200000];
  for (let i = 0; i < 300; i++) {
    const payload = new Uint8Array(i < 3 * sizes.length ? sizes[i % sizes.length] : i);
    payload.forEach((_, at) => { payload[at] = (i * 31 + at) & 255; });
    sent.push({ qos: i % 3, payload });
  }
  const complete = new Promise((resolve, reject) => {
    let received = 0;
    const byQos = [0, 1, 2].map((qos) => sent.filter((each) => each.qos === qos));
    sub.on('message', (topic, payload, packet) => {
      const expected = byQos[packet.qos].shift();
      const same = expected && payload.length === expected.payload.length
        && expected.payload.every((byte, at) => byte === payload[at]);
      if (!same) {
        reject(new Error(`message ${received} with QoS ${packet.qos} is not what was sent`));
      } else if (++received === sent.length) {
        resolve(`${received} messages`);
      }
    });
    for (const client of [sub, pub]) {
      client.on('error', reject);
      client.on('close', () => reject(new Error('closed')));
    }
  });
  await sub.subscribeAsync('js/#', { qos: 2 });
  const acknowledged = sent.map(({ qos, payload }) => pub.publishAsync('js/t', globalThis.Buffer ? Buffer.from(payload) : payload, { qos }));
  const result = await Promise.all([complete, ...acknowledged]);
  await Promise.all([sub.endAsync(), pub.endAsync()]);
  return `${result[0]}, protocol version ${protocolVersion}`;
}

if (typeof module !== 'undefined') {
  module.exports = roundTrip;
}
