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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.messaging.Durations;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The end of a session: nothing is asked for, what has not started is given back, running
 * handlers end or are interrupted, and the server knows all of it.
 */
final class SessionStop {

	private static final Log logger = LogFactory.getLog(SessionStop.class);

	// For acks and dead letters that are on their way when the last handler has ended
	private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(3);

	/**
	 * How long to wait for the server.
	 */
	static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(2);

	private final ListenerDefinition definition;

	private final SessionStages stages;

	SessionStop(ListenerDefinition definition, SessionStages stages) {
		this.definition = definition;
		this.stages = stages;
	}

	void run() {
		try {
			stop();
		}
		finally {
			this.stages.end();
		}
	}

	private void stop() {
		this.stages.arrivals().stopping();
		long deadline = System.nanoTime() + this.definition.shutdownTimeout().toNanos();
		boolean interrupted = Thread.interrupted();
		try {
			RedrivenMessages redriven = this.stages.redriven();
			if (redriven != null) {
				redriven.stop();
			}
			this.stages.flow().close(DRAIN_TIMEOUT);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		if (interrupted) {
			// Not to be seen before all is given back: the client sends nothing then
			deadline = System.nanoTime();
		}
		this.stages.receiver().stop();
		giveBackWaiting();
		try {
			if (!this.stages.workers().await(Duration.ofNanos(deadline - System.nanoTime()))) {
				giveUpWaiting();
			}
			awaitSettled();
			awaitServer();
			this.stages.flow().release();
		}
		catch (InterruptedException ex) {
			giveUpWaiting();
			interrupted = true;
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void giveBackWaiting() {
		Settler settler = this.stages.settler();
		// What waits in the intake comes after what waits for a worker
		List<ReceivedDelivery> last = new ArrayList<>();
		this.stages.intake().stop(last::add);
		for (Work work : this.stages.workers().stop()) {
			for (ReceivedDelivery delivery : work.deliveries()) {
				settler.giveBack(delivery);
			}
		}
		for (ReceivedDelivery delivery : last) {
			settler.giveBack(delivery);
		}
		OrderKeyWatch keyWatch = this.stages.keyWatch();
		if (keyWatch != null) {
			keyWatch.stop(settler::giveBack);
		}
		this.stages.arrivals().returned();
		if (this.stages.redriven() != null) {
			this.stages.redriven().returned();
		}
	}

	private void giveUpWaiting() {
		// Given back first, so that what the interrupted handlers do counts no more
		for (ReceivedDelivery delivery : this.stages.inHand().all()) {
			logger.warn(
					"Listener '%s': the handler of message %s did not end within shutdown-timeout (%s) and is interrupted"
						.formatted(this.definition.id(), delivery, Durations.text(this.definition.shutdownTimeout())));
			this.stages.settler().giveBack(delivery);
			delivery.run().interrupt();
		}
	}

	private void awaitSettled() throws InterruptedException {
		long deadline = System.nanoTime() + SETTLE_TIMEOUT.toNanos();
		while (!this.stages.inHand().all().isEmpty() && System.nanoTime() - deadline < 0) {
			TimeUnit.MILLISECONDS.sleep(10);
		}
	}

	private void awaitServer() throws InterruptedException {
		if (!this.stages.flow().awaitServer(DRAIN_TIMEOUT)) {
			logger.warn(
					"Listener '%s': the server doesn't answer, so the last acks may not have reached it, and it delivers again what they were for"
						.formatted(this.definition.id()));
		}
	}

}
