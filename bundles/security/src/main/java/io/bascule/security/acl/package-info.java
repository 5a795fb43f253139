/* SPDX-License-Identifier: Apache-2.0 */
/** Rights by ACL files, ours and Mosquitto's: both become the same list of rules, of which the first that fits decides. */
package io.bascule.security.acl;
