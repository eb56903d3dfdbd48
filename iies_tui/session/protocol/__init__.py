"""What the UI process and the session process say to each other.

Frames on one inherited socket pair: 4-byte big-endian length of what follows, 1-byte kind,
body. Kind ``J``: JSON ``{"v": 1, "id": n, "type": name, "body": {...}}`` of one of the frozen
dataclasses of the modules here, one module a subject. Kind ``S``: one raw secret for the next J;
several S frames precede a J that takes several. A request is answered by zero or more ``Progress``
frames and one reply or ``Failed`` with the request's id. No pickle, no code, no file descriptors.
"""

from iies_tui.session.protocol.answers import (
    Done as Done,
    Failed as Failed,
    ProblemInfo as ProblemInfo,
    Progress as Progress,
)
from iies_tui.session.protocol.batches import (
    BatchBegun as BatchBegun,
    BatchCardList as BatchCardList,
    BatchCards as BatchCards,
    BatchChecked as BatchChecked,
    BatchFound as BatchFound,
    BatchHanded as BatchHanded,
    BatchInfo as BatchInfo,
    BatchList as BatchList,
    BatchStepped as BatchStepped,
    BeginBatch as BeginBatch,
    CheckBatch as CheckBatch,
    GiveUpBatch as GiveUpBatch,
    HandOverBatch as HandOverBatch,
    ListBatches as ListBatches,
    NoteInfo as NoteInfo,
    ProblemsSaved as ProblemsSaved,
    ReadBatch as ReadBatch,
    SaveProblems as SaveProblems,
    StepBatch as StepBatch,
)
from iies_tui.session.protocol.cards import (
    CardInfo as CardInfo,
    Check as Check,
    Checked as Checked,
    FaceInfo as FaceInfo,
    FindInsurers as FindInsurers,
    FleetInfo as FleetInfo,
    GetOptions as GetOptions,
    InsurerInfo as InsurerInfo,
    Insurers as Insurers,
    Issue as Issue,
    Issued as Issued,
    Options as Options,
    PaperInfo as PaperInfo,
    SaveDraft as SaveDraft,
    SetOptions as SetOptions,
)
from iies_tui.session.protocol.delivery import (
    Answer as Answer,
    Cards as Cards,
    CardState as CardState,
    HandOver as HandOver,
    Open as Open,
    Print as Print,
    PrintNow as PrintNow,
    Reissue as Reissue,
    Reissued as Reissued,
    Save as Save,
    Search as Search,
    Void as Void,
    Watch as Watch,
    Withdraw as Withdraw,
)
from iies_tui.session.protocol.frames import (
    MAX_FRAME as MAX_FRAME,
    VERSION as VERSION,
    Json as Json,
    Request as Request,
)
from iies_tui.session.protocol.keys import (
    AddIssuer as AddIssuer,
    AnswerCompromised as AnswerCompromised,
    BeginRecoveryCode as BeginRecoveryCode,
    Compromised as Compromised,
    CompromiseTold as CompromiseTold,
    ConfirmRecoveryCode as ConfirmRecoveryCode,
    KeepRecoveryCode as KeepRecoveryCode,
    Kept as Kept,
    RecoveryCode as RecoveryCode,
    RemoveIssuer as RemoveIssuer,
    ReplaceKey as ReplaceKey,
    SignedOn as SignedOn,
    SignOn as SignOn,
)
from iies_tui.session.protocol.mail import (
    AnswerMail as AnswerMail,
    ListMail as ListMail,
    Mailed as Mailed,
    MailInfo as MailInfo,
    Mails as Mails,
    SendMail as SendMail,
    StartMail as StartMail,
)
from iies_tui.session.protocol.owner import (
    ChangeOwnerCode as ChangeOwnerCode,
    ChangeSettings as ChangeSettings,
    ConfirmSettings as ConfirmSettings,
    MailTested as MailTested,
    MakeOwnerCode as MakeOwnerCode,
    OpenSettings as OpenSettings,
    SettingsChanged as SettingsChanged,
    TerminalSettings as TerminalSettings,
    TestMail as TestMail,
)
from iies_tui.session.protocol.recent import (
    Copied as Copied,
    CopyCard as CopyCard,
    CustomerInfo as CustomerInfo,
    Customers as Customers,
    FindCustomers as FindCustomers,
    LookAtVin as LookAtVin,
    RecentInsurers as RecentInsurers,
    VinKnown as VinKnown,
)
from iies_tui.session.protocol.terminal import (
    Activity as Activity,
    BundleInfo as BundleInfo,
    Hello as Hello,
    IssuerInfo as IssuerInfo,
    ListQueues as ListQueues,
    MakeTraining as MakeTraining,
    QueueInfo as QueueInfo,
    Queues as Queues,
    Terminal as Terminal,
    Tested as Tested,
    TestPage as TestPage,
    TrainingMade as TrainingMade,
    WatchTestPage as WatchTestPage,
)
from iies_tui.session.protocol.trust import (
    BundleProposed as BundleProposed,
    ImportBundle as ImportBundle,
    ImportInsurers as ImportInsurers,
    InsurersProposed as InsurersProposed,
    ProposeBundle as ProposeBundle,
    ProposeInsurers as ProposeInsurers,
    RemoveInsurers as RemoveInsurers,
    SymbolInfo as SymbolInfo,
    Verified as Verified,
    Verify as Verify,
)
