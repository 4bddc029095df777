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

package io.github.jetstreamspring.deadletter;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.jetstreamspring.messaging.HeaderFields;
import io.github.jetstreamspring.messaging.JetStreamHeaders;
import io.github.jetstreamspring.messaging.MessageIdentity;
import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;

/**
 * Puts the originals of letters on the lanes of their consumers.
 */
final class RedriveWriter {

	private static final String MESSAGE_ID = "Nats-Msg-Id";

	private static final List<String> KEPT = List.of(JetStreamHeaders.DEAD_LETTER_STREAM,
			JetStreamHeaders.DEAD_LETTER_SUBJECT, JetStreamHeaders.DEAD_LETTER_SEQUENCE,
			JetStreamHeaders.DEAD_LETTER_CONSUMER, JetStreamHeaders.DEAD_LETTER_PUBLISHED,
			JetStreamHeaders.DEAD_LETTER_MESSAGE_ID, JetStreamHeaders.DEAD_LETTER_FIRST_FAILURE);

	// What our own headers take at most, besides those that somebody else has chosen
	private static final int OVERHEAD = 4 * 1024;

	// The server's limit for a header block
	private static final int MAX_HEADERS = 65_535;

	private static final byte[] NOTHING = new byte[0];

	private final JetStreamTemplate template;

	private final RedriveLane lane;

	private final SigningKey key;

	private final Runnable check;

	/**
	 * Creates a writer.
	 * @param template publishes
	 * @param lane tells the subjects
	 * @param key vouches for what is written
	 * @param check throws an exception if the stream of the lanes isn't the same any more
	 */
	RedriveWriter(JetStreamTemplate template, RedriveLane lane, SigningKey key, Runnable check) {
		this.template = template;
		this.lane = lane;
		this.key = key;
		this.check = check;
	}

	/**
	 * Checks that what is confirmed until now is where consumers get it. A stream that
	 * was made again since has confirmed it, too: but there nobody vouches for it, and
	 * the consumer of its lane is gone.
	 * @throws JetStreamException if the stream isn't the same any more
	 */
	void checkSame() {
		this.check.run();
	}

	/**
	 * Publishes an original once, however often it is published.
	 * @param letter the letter
	 * @param content its original
	 * @return where it is, in the future
	 */
	CompletableFuture<PublishResult> publish(LetterHeaders letter, LetterContent content) {
		String id = RedriveLane.id(this.key,
				new MessageIdentity(this.lane.deadLetterStream(), letter.sequence(), letter.stored()));
		String subject = this.lane.subject(String.valueOf(letter.originalStream()), String.valueOf(letter.consumer()),
				id);
		HeaderFields envelope = envelope(letter);
		HeaderFields whole = new HeaderFields(envelope.toHeaders());
		content.headers().forEach(whole::put);
		sign(whole, subject, content.payload());
		Headers headers = whole.put(MESSAGE_ID, id).toHeaders();
		long maxSize = this.template.connection().getMaxPayload();
		// What is added to it when it is sent counts, too
		int size = headers.serializedLength() + 2 * this.lane.stream().length() + 100;
		if (size <= MAX_HEADERS && size + (long) content.payload().length <= maxSize) {
			return send(subject, headers, content.payload());
		}
		return publishInParts(subject, id, envelope, content, maxSize);
	}

	private HeaderFields envelope(LetterHeaders letter) {
		HeaderFields envelope = new HeaderFields();
		for (String name : KEPT) {
			String value = letter.get(name);
			if (value != null) {
				envelope.put(name, value);
			}
		}
		envelope.put(JetStreamHeaders.DEAD_LETTER_REDRIVES,
				Long.toString(1 + letter.number(JetStreamHeaders.DEAD_LETTER_REDRIVES)));
		return envelope;
	}

	private void sign(HeaderFields fields, String subject, byte[] payload) {
		fields.put(JetStreamHeaders.DEAD_LETTER_SIGNATURE,
				RedriveLane.signature(this.key, subject, fields.toHeaders(), payload).end());
	}

	/**
	 * Publishes headers and payload as parts, and then what says that they are there.
	 */
	private CompletableFuture<PublishResult> publishInParts(String subject, String id, HeaderFields envelope,
			LetterContent content, long maxSize) {
		byte[] block = block(content.headers());
		byte[] all = Arrays.copyOf(block, block.length + content.payload().length);
		System.arraycopy(content.payload(), 0, all, block.length, content.payload().length);
		int partSize = (int) Math.max(1, Math.min(Integer.MAX_VALUE, maxSize - OVERHEAD));
		int count = (int) ((all.length + (long) partSize - 1) / partSize);
		for (int number = 1; number <= count; number++) {
			int start = (number - 1) * partSize;
			byte[] part = Arrays.copyOfRange(all, start, (int) Math.min(all.length, (long) start + partSize));
			send(RedriveLane.part(subject, Integer.toString(number)), new Headers().put(MESSAGE_ID, id + ":" + number),
					part)
				.join();
		}
		envelope.put(JetStreamHeaders.DEAD_LETTER_PARTS, Integer.toString(count));
		envelope.put(JetStreamHeaders.DEAD_LETTER_HEADERS_SIZE, Integer.toString(block.length));
		sign(envelope, subject, all);
		return send(subject, envelope.put(MESSAGE_ID, id).toHeaders(), NOTHING);
	}

	private static byte[] block(Map<String, List<String>> headers) {
		HeaderFields fields = new HeaderFields();
		headers.forEach(fields::put);
		return fields.toHeaders().getSerialized();
	}

	private CompletableFuture<PublishResult> send(String subject, Headers headers, byte[] payload) {
		return this.template.sendOnce(new NatsMessage(subject, null, headers, payload), this.lane.stream());
	}

}
