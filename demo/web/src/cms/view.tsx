import { shownFacts } from '../api/shown-facts.ts';
import { Card } from '../ui/card.tsx';
import { usePageView } from './use-cms.ts';

export interface ViewProps {
  readonly slug: string;
  readonly as: 'mine' | 'preview' | 'anybody';
  readonly title: string;
}

/** One page as one reader gets it, and where that came from. */
export function View({ slug, as, title }: ViewProps) {
  const { data, error, isFetching, refetch } = usePageView(slug, as);
  return (
    <Card
      name={as}
      title={title}
      path={as === 'preview' ? `/preview/${slug}` : `/pages/${slug}`}
      facts={shownFacts(data, error)}
      error={error}
      isBusy={isFetching}
      onAgain={() => void refetch()}
    >
      {data && (
        <>
          <p className="large">{data.body.text}</p>
          <p className="rendered">
            {data.body.version}, made at {data.body.renderedAt.slice(11, 23)}
          </p>
        </>
      )}
    </Card>
  );
}
