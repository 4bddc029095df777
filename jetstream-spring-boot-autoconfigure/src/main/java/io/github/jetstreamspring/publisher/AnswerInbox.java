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

import java.util.function.Consumer;

import io.github.jetstreamspring.guard.Guard;
import io.github.jetstreamspring.guard.OwnThreads;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where answers come to, and the thread that takes them in. The client's thread ends when
 * it can't even report an error; another one takes its place then.
 */
final class AnswerInbox {

	private static final Log logger = LogFactory.getLog(AnswerInbox.class);

	private final Connection connection;

	private final String answers;

	private final Consumer<Message> taker;

	private final String prefix;

	private volatile @Nullable Dispatcher dispatcher;

	// Whether the thread that takes answers in knows what it is
	private boolean joined;

	private volatile @Nullable Thread receiver;

	// Guarded by this
	private boolean closed;

	/**
	 * Creates an inbox, which is to {@link #listen()}.
	 * @param connection the connection
	 * @param answers what the answers are, such as <em>confirmations</em>
	 * @param taker takes each answer in
	 */
	AnswerInbox(Connection connection, String answers, Consumer<Message> taker) {
		this.connection = connection;
		this.answers = answers;
		this.taker = taker;
		this.prefix = connection.createInbox() + ".";
	}

	/**
	 * Returns what all subjects of the inbox begin with.
	 */
	String prefix() {
		return this.prefix;
	}

	/**
	 * Returns for whom an answer is.
	 * @param answer the answer
	 * @return what comes after the prefix in its subject
	 */
	String token(Message answer) {
		return answer.getSubject().substring(this.prefix.length());
	}

	/**
	 * Returns whether the calling thread is the one that takes answers in.
	 */
	boolean isOwnThread() {
		return Thread.currentThread() == this.receiver;
	}

	/**
	 * Sees to it that a thread takes answers in.
	 */
	void listen() {
		Dispatcher current = this.dispatcher;
		if (current == null || !current.isActive()) {
			listenAgain();
		}
	}

	private synchronized void listenAgain() {
		Dispatcher ended = this.dispatcher;
		if (this.closed) {
			return;
		}
		if (ended == null) {
			this.dispatcher = subscribe();
		}
		else if (!ended.isActive() && this.connection.getStatus() != Connection.Status.CLOSED) {
			replace(ended);
		}
	}

	private void replace(Dispatcher ended) {
		try {
			this.dispatcher = subscribe();
		}
		catch (IllegalStateException ex) {
			// The connection has been closed since it was looked at, or is about to be:
			// that ends the thread, too, and no answer comes any more
			logger.debug("Nobody takes in %s any more".formatted(this.answers), ex);
			return;
		}
		logger.warn("The thread that receives %s has ended; another one takes its place".formatted(this.answers));
		close(ended);
	}

	private Dispatcher subscribe() {
		this.joined = false;
		Dispatcher created = this.connection.createDispatcher();
		try {
			// An answer that is dropped would look like one that was never given
			created.setPendingLimits(-1, -1);
			created.subscribe(this.prefix + "*", this::receive);
			return created;
		}
		catch (Throwable ex) {
			// It has a thread
			close(created);
			throw ex;
		}
	}

	private void receive(Message answer) {
		if (!this.joined) {
			this.joined = true;
			this.receiver = Thread.currentThread();
			OwnThreads.join();
		}
		try {
			this.taker.accept(answer);
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "One of the %s could not be taken in".formatted(this.answers), ex);
		}
		finally {
			// Left behind by what an application does when a message is confirmed: the
			// client takes it for the end of this thread
			Thread.interrupted();
		}
	}

	/**
	 * Takes no more answers in.
	 */
	synchronized void close() {
		this.closed = true;
		Dispatcher current = this.dispatcher;
		if (current != null) {
			close(current);
		}
	}

	private void close(Dispatcher last) {
		try {
			close(this.connection, last);
		}
		catch (Throwable ex) {
			Guard.log(logger, () -> "The subscription to %s can't be closed".formatted(this.answers), ex);
		}
	}

	private static void close(Connection connection, Dispatcher dispatcher) {
		try {
			if (connection.getStatus() != Connection.Status.CLOSED) {
				connection.closeDispatcher(dispatcher);
			}
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			// It is closed by now
		}
	}

}
