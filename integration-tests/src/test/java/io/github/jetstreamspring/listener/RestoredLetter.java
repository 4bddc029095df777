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
package io.github.jetstreamspring.listener;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.TreeMap;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;

/**
 * A dead letter that is put together the way the documentation says it can be.
 *
 * @param letter the letter itself
 * @param headerBlock the header block of the original, empty if the letter has its
 * headers
 * @param payload the payload of the original
 */
record RestoredLetter(MessageInfo letter, String headerBlock, byte[] payload) {

	static RestoredLetter last(JetStreamManagement management, String stream, String subject) throws Exception {
		MessageInfo letter = management.getLastMessage(stream, subject);
		Headers headers = letter.getHeaders();
		String id = headers.getFirst("Dead-Letter-Id");
		if (id == null) {
			return new RestoredLetter(letter, "", (letter.getData() != null) ? letter.getData() : new byte[0]);
		}
		TreeMap<Integer, byte[]> parts = new TreeMap<>();
		for (long i = Long.parseLong(headers.getFirst("Dead-Letter-First-Part")); i < letter.getSeq(); i++) {
			MessageInfo part = message(management, stream, i);
			if (part != null && id.equals(part.getHeaders().getFirst("Dead-Letter-Id"))) {
				parts.put(Integer.valueOf(part.getHeaders().getFirst("Dead-Letter-Part").split("/")[0]),
						part.getData());
			}
		}
		if (parts.size() != Integer.parseInt(headers.getFirst("Dead-Letter-Parts"))) {
			throw new AssertionError("Only the parts " + parts.keySet() + " are there");
		}
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		parts.values().forEach(content::writeBytes);
		String size = headers.getFirst("Dead-Letter-Headers-Size");
		int headersSize = (size != null) ? Integer.parseInt(size) : 0;
		byte[] all = content.toByteArray();
		return new RestoredLetter(letter, new String(all, 0, headersSize),
				Arrays.copyOfRange(all, headersSize, all.length));
	}

	private static MessageInfo message(JetStreamManagement management, String stream, long sequence) throws Exception {
		try {
			return management.getMessage(stream, sequence);
		}
		catch (JetStreamApiException ex) {
			return null;
		}
	}

}
