import type { ReactNode } from 'react';
import { shownFacts } from '../api/shown-facts.ts';
import type { User } from '../session/user-session.ts';
import { Card } from '../ui/card.tsx';
import { ProfileForm } from './profile-form.tsx';
import { usePage } from './use-page.ts';

interface Owned {
  readonly user: string;
  readonly renderedAt: string;
}
interface Dashboard extends Owned {
  readonly greeting: string;
}
interface Orders extends Owned {
  readonly orders: readonly { readonly id: number; readonly item: string }[];
}
interface Profile extends Owned {
  readonly displayName: string;
}
interface Payment extends Owned {
  readonly cards: readonly { readonly brand: string; readonly last4: string }[];
}
interface Report {
  readonly tenant: string;
  readonly role: string;
  readonly revenue: number;
  readonly renderedAt: string;
}

export interface CardsProps {
  readonly user: User;
  readonly onSessionLost: () => void;
}

/** Five responses, each cached by a rule of its own. */
export function Cards(props: CardsProps) {
  return (
    <div className="cards">
      <PageCard<Dashboard> {...props} name="dashboard" title="Dashboard" path="/api/dashboard">
        {({ greeting }) => <p className="large">{greeting}</p>}
      </PageCard>
      <PageCard<Orders> {...props} name="orders" title="Orders" path="/api/orders">
        {({ orders }) => (
          <ul>
            {orders.map(({ id, item }) => (
              <li key={id}>
                No. {id}: {item}
              </li>
            ))}
          </ul>
        )}
      </PageCard>
      <PageCard<Profile> {...props} name="profile" title="Profile" path="/api/profile">
        {({ displayName }) => <ProfileForm user={props.user} displayName={displayName} />}
      </PageCard>
      <PageCard<Payment> {...props} name="payment" title="Payment methods" path="/api/payment-methods">
        {({ cards }) => (
          <ul>
            {cards.map(({ brand, last4 }) => (
              <li key={last4}>
                {brand} ending in {last4}
              </li>
            ))}
          </ul>
        )}
      </PageCard>
      <PageCard<Report> {...props} name="team" title="Team report" path="/api/team/report">
        {({ tenant, role, revenue }) => (
          <p>
            Every {role} of <strong>{tenant}</strong>: revenue {revenue}
          </p>
        )}
      </PageCard>
    </div>
  );
}

interface PageCardProps<Body> extends CardsProps {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly children: (body: Body) => ReactNode;
}

function PageCard<Body extends Owned | Report>(props: PageCardProps<Body>) {
  const { user, onSessionLost, name, title, path, children } = props;
  const { data, error, isFetching, refetch } = usePage<Body>(user, path, onSessionLost);
  return (
    <Card
      name={name}
      title={title}
      path={path}
      facts={shownFacts(data, error)}
      error={error}
      isBusy={isFetching}
      onAgain={() => void refetch()}
    >
      {data && children(data.body)}
      {data && <p className="rendered">made at {data.body.renderedAt.slice(11, 23)}</p>}
    </Card>
  );
}
