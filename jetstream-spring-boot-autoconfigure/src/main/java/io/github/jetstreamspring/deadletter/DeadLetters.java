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

import java.util.Optional;

import io.github.jetstreamspring.messaging.RedriveLane;
import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.publisher.JetStreamException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.publisher.PublishResult;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of a connection: what its listeners have given up on. All methods wait
 * for the server, and can be called from any thread that may wait.
 *
 * @since 0.1.0
 */
public interface DeadLetters {

	/**
	 * Finds dead letters. Looks at no more than 10,000 of them, and returns no more than
	 * 8 MB of payload and headers, but for one that is larger: so a page may have fewer
	 * letters than asked for, even none, while there is a next one.
	 * @param query which ones; without a limit there are up to 100 on a page, and never
	 * more than 1,000
	 * @return a page of them
	 * @throws JetStreamException if they can't be read
	 */
	DeadLetterPage find(DeadLetterQuery query);

	/**
	 * Returns a dead letter.
	 * @param sequence its sequence in the dead-letter stream
	 * @return the letter, or nothing if there is none with this sequence
	 * @throws JetStreamException if it can't be read
	 */
	Optional<StoredDeadLetter> get(long sequence);

	/**
	 * Counts dead letters. Reads the headers of all that have to be looked at.
	 * @param query which ones
	 * @return how many there are
	 * @throws JetStreamException if they can't be read
	 */
	long count(DeadLetterQuery query);

	/**
	 * Sums up all dead letters by consumer and reason. Reads the headers of all of them,
	 * once for all who ask meanwhile.
	 * @return how many there are of what kind
	 * @throws JetStreamException if they can't be read
	 */
	DeadLetterSummary summary();

	/**
	 * Gives a dead letter once more to the consumer that has given up on it, and to no
	 * other one. It is removed from the dead-letter stream when it is on its way; if that
	 * fails, and it is redriven again, it is on its way once all the same.
	 * @param sequence its sequence in the dead-letter stream
	 * @return where it waits for its consumer
	 * @throws DeadLetterNotFoundException if there is none with this sequence
	 * @throws IllegalStateException if it can't be redriven, as its stream, consumer or
	 * subject is gone for example
	 * @throws JetStreamException if it could not be published or removed
	 */
	PublishResult redrive(long sequence);

	/**
	 * Gives dead letters once more to the consumers that have given up on them, and to no
	 * others, up to the last one that is there now. Those that can't be redriven stay.
	 * Can be interrupted: then it returns what it has done until then, and the thread
	 * stays interrupted.
	 * @param query which ones
	 * @param options how
	 * @return what became of them
	 * @throws JetStreamException if nothing can be read or published any more, or not be
	 * removed; it says how many were redriven until then
	 */
	RedriveResult redrive(DeadLetterQuery query, RedriveOptions options);

	/**
	 * Removes a dead letter for good.
	 * @param sequence its sequence in the dead-letter stream
	 * @return whether there was one
	 * @throws JetStreamException if that can't be done
	 */
	boolean discard(long sequence);

	/**
	 * Removes dead letters for good, up to the last one that is there now. Can be
	 * interrupted: then it returns how many it has removed until then, and the thread
	 * stays interrupted.
	 * @param query which ones
	 * @return how many were removed
	 * @throws JetStreamException if that can't be done; some may be removed then
	 */
	long discard(DeadLetterQuery query);

	/**
	 * Returns the dead letters in a stream.
	 * @param template asks the server, on its connection
	 * @param stream the stream for dead letters
	 * @param subjectPrefix what the subjects of dead letters begin with, before the names
	 * of stream and consumer
	 * @return the dead letters
	 */
	static DeadLetters of(JetStreamTemplate template, String stream, String subjectPrefix) {
		return of(template, stream, subjectPrefix, null, true);
	}

	/**
	 * Returns the dead letters in a stream.
	 * @param template asks the server and publishes, on its connection
	 * @param stream the stream for dead letters
	 * @param subjectPrefix what the subjects of dead letters begin with, before the names
	 * of stream and consumer
	 * @param signingKey vouches for what is redriven, the same for all that redrive and
	 * listen; {@code null} for one that is made of a stream's creation time
	 * @param createsStreams whether the stream through which messages are redriven may be
	 * created when there is none
	 * @return the dead letters
	 */
	static DeadLetters of(JetStreamTemplate template, String stream, String subjectPrefix,
			@Nullable SigningKey signingKey, boolean createsStreams) {
		RedriveLane lane = new RedriveLane(stream, subjectPrefix);
		return new StreamDeadLetters(template, lane, new RedriveTargets(template.connection(), lane, createsStreams),
				signingKey);
	}

}
