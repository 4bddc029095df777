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

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Jobs that wait or run, and how to cancel one.
 *
 * @since 0.1.0
 */
public interface JetStreamJobs {

	/**
	 * Cancels a job, be it delayed, waiting or running. Looks first at what the listeners
	 * of this instance have in hand, then among delayed jobs, and then among the first
	 * 10,000 messages of each of the listeners' streams that is a work queue.
	 * <p>
	 * A handler that runs is interrupted, or the future cancelled that it has returned,
	 * and its message is discarded whatever it does then; it can ask
	 * {@link Delivery#isCancelled()}. A handler in another instance is not reached: its
	 * message is removed from the queue, so it is not tried again, but it runs to its
	 * end.
	 * @param id the id of the job's message
	 * @return what became of it
	 * @throws io.github.jetstreamspring.publisher.JetStreamException if the server can't
	 * be asked, or too many messages wait for the job to be found
	 */
	CancelResult cancel(String id);

	/**
	 * Returns the jobs that a listener has in hand in this instance.
	 * @param listener the listener's id
	 * @param limit how many, at most
	 * @return the jobs, the oldest first
	 * @throws IllegalArgumentException if there is no such listener
	 */
	List<CurrentJob> current(String listener, int limit);

	/**
	 * A job that a listener has in hand.
	 *
	 * @param id the id of its message, or {@code null} if it has none
	 * @param subject the subject the message was published to
	 * @param sequence the message's sequence in its stream
	 * @param attempt which attempt it is, from 1
	 * @param started when its handler has started, or {@code null} if it waits for a
	 * worker
	 * @param cancelled whether somebody has cancelled it
	 */
	record CurrentJob(@Nullable String id, String subject, long sequence, long attempt, @Nullable Instant started,
			boolean cancelled) {

	}

}
