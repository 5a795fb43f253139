/* SPDX-License-Identifier: Apache-2.0 */
/** Users by password files, Mosquitto's among them. */
package io.bascule.security.password;
