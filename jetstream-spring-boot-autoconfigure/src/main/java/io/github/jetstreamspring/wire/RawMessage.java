/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.wire;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a message looked like that the client could not have read. The client carries it
 * in headers whose names nobody else can know, so that no publisher can forge them.
 *
 * @param headers the header block, empty if there was none
 * @param subject the subject, or {@code null} if the client has read it
 * @since 0.1.0
 */
public record RawMessage(byte[] headers, byte @Nullable [] subject) {

	private static final String TOKEN = token();

	private static final String HEADERS = "Raw-Headers-" + TOKEN;

	private static final String SUBJECT = "Raw-Subject-" + TOKEN;

	static String headers(byte[] block) {
		return HEADERS + ":" + Base64.getEncoder().encodeToString(block);
	}

	static String subject(byte[] subject) {
		return SUBJECT + ":" + Base64.getEncoder().encodeToString(subject);
	}

	/**
	 * Returns what a message looked like before it was made readable for the client.
	 * @param headers the headers that the client has read, or {@code null} if there are
	 * none
	 * @return what it was, or {@code null} if the client could read it, as nearly always
	 */
	public static @Nullable RawMessage of(@Nullable Headers headers) {
		String block = (headers != null) ? headers.getFirst(HEADERS) : null;
		if (headers == null || block == null) {
			return null;
		}
		String subject = headers.getFirst(SUBJECT);
		return new RawMessage(Base64.getDecoder().decode(block),
				(subject != null) ? Base64.getDecoder().decode(subject) : null);
	}

	private static String token() {
		byte[] random = new byte[16];
		new SecureRandom().nextBytes(random);
		return HexFormat.of().formatHex(random);
	}

}
