/* SPDX-License-Identifier: Apache-2.0 */
'use strict';

// node node.js <folder of MQTT.js> <url> <protocol version>
const [library, url, protocolVersion] = process.argv.slice(2);
const roundTrip = require('./round-trip.js');

roundTrip(require(library), url, Number(protocolVersion)).then(
  (result) => console.log(result),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
