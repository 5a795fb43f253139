/* SPDX-License-Identifier: Apache-2.0 */
/** How a bridge stands, told to MQTT clients. */
package io.bascule.bridge.status;
