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

package io.github.jetstreamspring.publisher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Hands out the subjects to which the answers to messages come.
 * <p>
 * A server remembers where messages go for some hundreds of subjects, and has to look it
 * up for any other. When every message has a reply subject of its own, that is about a
 * tenth of what a message costs the server. So reply subjects are used again, for
 * messages whose stream is known: a second answer to an earlier message can be told from
 * the answer to theirs.
 */
final class ReplySubjects {

	// When there are more than these, they are learned again
	private static final int MAX_SUBJECTS = 1000;

	private static final AnsweringStream NONE = new AnsweringStream("", null);

	private final String prefix;

	private final AtomicLong tokens = new AtomicLong();

	// By the subjects of their messages
	private final Map<String, AnsweringStream> streams = new ConcurrentHashMap<>();

	// Guarded by itself
	private final List<AnsweringStream> known = new ArrayList<>();

	/**
	 * Creates the subjects.
	 * @param prefix what all of them begin with
	 */
	ReplySubjects(String prefix) {
		this.prefix = prefix;
	}

	/**
	 * Returns a reply subject for a message that may be sent again with another one, if
	 * the answer is doubtful.
	 * @param subject the subject of the message
	 */
	ReplySubject next(String subject) {
		AnsweringStream stream = this.streams.get(subject);
		if (stream == null || stream == NONE) {
			return unused();
		}
		ReplySubject used = stream.take();
		return (used != null) ? used : create(stream);
	}

	/**
	 * Returns a reply subject that no other message has.
	 */
	ReplySubject unused() {
		return create(null);
	}

	private ReplySubject create(@Nullable AnsweringStream stream) {
		return new ReplySubject(this.prefix, Long.toString(this.tokens.incrementAndGet(), Character.MAX_RADIX), stream);
	}

	/**
	 * Takes a reply subject back. Nothing is to be expected there any more, unless
	 * somebody answers twice.
	 * @param subject the subject of the message
	 * @param reply its reply subject
	 * @param confirmation the answer
	 */
	void answered(String subject, ReplySubject reply, PublishResult confirmation) {
		AnsweringStream stream = reply.stream();
		if (stream == null) {
			learn(subject, confirmation);
		}
		else if (stream.is(confirmation)) {
			stream.giveBack(reply, confirmation.sequence());
		}
		else {
			doubt(subject, stream);
		}
	}

	/**
	 * Messages to a subject seem to get answers from more than one side. From now on,
	 * each of them gets a reply subject of its own.
	 * @param subject the subject of the messages
	 * @param stream the stream from which answers were expected
	 */
	void doubt(String subject, @Nullable AnsweringStream stream) {
		if (stream != null) {
			this.streams.replace(subject, stream, NONE);
			synchronized (this.known) {
				this.known.remove(stream);
			}
		}
	}

	/**
	 * There is one answer only to messages to a subject after all. Their stream is
	 * another one than before, or it has been created again.
	 * @param subject the subject of the messages
	 * @param confirmation the answer of their stream
	 */
	void trust(String subject, PublishResult confirmation) {
		this.streams.replace(subject, NONE, known(confirmation));
	}

	private void learn(String subject, PublishResult confirmation) {
		if (this.streams.containsKey(subject)) {
			return;
		}
		if (this.streams.size() >= MAX_SUBJECTS) {
			this.streams.clear();
		}
		this.streams.putIfAbsent(subject, known(confirmation));
	}

	private AnsweringStream known(PublishResult confirmation) {
		synchronized (this.known) {
			for (AnsweringStream stream : this.known) {
				if (stream.is(confirmation)) {
					return stream;
				}
			}
			AnsweringStream stream = new AnsweringStream(confirmation.stream(), confirmation.domain());
			this.known.add(stream);
			return stream;
		}
	}

}
