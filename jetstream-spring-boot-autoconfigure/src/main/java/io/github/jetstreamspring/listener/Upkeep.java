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

import java.util.function.IntConsumer;

import io.github.jetstreamspring.listener.pull.PullFlow;
import io.github.jetstreamspring.listener.pull.Receiver;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done again and again while a listener runs: leases are extended, and
 * somebody looks whether messages still come.
 */
final class Upkeep {

	private final Looks looks;

	private final LeaseTimers timers;

	private final LeaseKeeper leases;

	private final PullFlow flow;

	private final Receiver receiver;

	private final @Nullable OrderKeyWatch keyWatch;

	private final @Nullable IdleWatch idle;

	private final Runnable checkAcks;

	private final RecentAcks acks;

	// Always the same, as it is to be found again
	private final IntConsumer look = this::look;

	/**
	 * Creates an upkeep that isn't started.
	 * @param looks look after all listeners
	 * @param timers keep the leases of all listeners
	 * @param leases keep what is in hand
	 * @param flow is looked at
	 * @param receiver is looked after
	 * @param keyWatch is looked at, {@code null} if messages have no order
	 * @param idle is asked, {@code null} if nobody wants to know
	 * @param checkAcks sees whether acks are refused
	 * @param acks forget what is long past
	 */
	Upkeep(Looks looks, LeaseTimers timers, LeaseKeeper leases, PullFlow flow, Receiver receiver,
			@Nullable OrderKeyWatch keyWatch, @Nullable IdleWatch idle, Runnable checkAcks, RecentAcks acks) {
		this.looks = looks;
		this.timers = timers;
		this.leases = leases;
		this.flow = flow;
		this.receiver = receiver;
		this.keyWatch = keyWatch;
		this.idle = idle;
		this.checkAcks = checkAcks;
		this.acks = acks;
	}

	void start() {
		this.timers.add(this.leases.interval(), this.leases);
		this.looks.add(this.look);
	}

	/**
	 * Goes on with leases of another length.
	 */
	void leaseChanged() {
		this.timers.remove(this.leases);
		this.timers.add(this.leases.interval(), this.leases);
	}

	private void look(int intervals) {
		long now = System.nanoTime();
		this.receiver.check();
		this.checkAcks.run();
		this.acks.look(now);
		this.flow.look(now, intervals, (this.keyWatch != null) ? this.keyWatch.look(now) : null);
		if (this.idle != null) {
			this.idle.look(now);
		}
	}

	void stop() {
		this.looks.remove(this.look);
		this.timers.remove(this.leases);
	}

}
