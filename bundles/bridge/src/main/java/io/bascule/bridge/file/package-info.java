/* SPDX-License-Identifier: Apache-2.0 */
/** The file of a configuration: reads it as File Install does, edits its lines, and puts it in its place as a whole. Knows no key. */
package io.bascule.bridge.file;
